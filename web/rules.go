package web

func (s *Server) rulesRoutes() {}
