package web

func (s *Server) recordRoutes() {}
