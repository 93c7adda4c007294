package web

func (s *Server) handoverRoutes() {}
